// The app's build configuration lives with the app; this lets root scripts say plain `vite build`.
export { default } from './packages/client/vite.config.ts';
