// How the app is built: React, CSS modules, and the service worker that precaches the shell. The output is a
// folder of static files that the relay serves under a strict content security policy.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** Paths that belong to the relay: the service worker never answers them with the app shell. */
const RELAY_PATHS = [/^\/api\//, /^\/sync\//, /^\/webhooks\//, /^\/health/, /^\/auth\//, /^\/rest\//];

/** Only for `vite dev`: where a relay runs (a shell variable, never read by the app itself). */
const relay = process.env.RELAY_URL ?? 'http://localhost:8787';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(),
    VitePWA({
      strategies: 'generateSW',
      // The person decides when to change versions: an update must never reload under an edit.
      registerType: 'prompt',
      injectRegister: false,
      manifest: {
        id: '/',
        name: 'WedSync',
        short_name: 'WedSync',
        description: 'Your couples, their dates and their plans, with or without signal.',
        start_url: '/',
        display: 'standalone',
        background_color: '#faf8f5',
        theme_color: '#faf8f5',
        categories: ['business', 'productivity', 'photo'],
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
        shortcuts: [
          { name: 'Add a couple', url: '/?add=1', icons: [{ src: '/icon-192.png', sizes: '192x192' }] },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg}', 'icon-192.png'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: RELAY_PATHS,
        cleanupOutdatedCaches: true,
        // The first page is under its worker at once: after one visit the app opens without network.
        clientsClaim: true,
      },
    }),
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Browsers that know light-dark(): below these the minifier would rewrite it with a fallback of its own.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // No data: addresses, so that the content security policy can stay at 'self'.
    assetsInlineLimit: 0,
    // For reading traces and for coverage; no script points to them, nobody downloads them.
    sourcemap: 'hidden',
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/api': relay,
      '/auth': relay,
      '/rest': relay,
      '/health': relay,
      '/sync': { target: relay, ws: true },
    },
  },
});
