// What the keys of an event's `data.changes` mean, in the spellings of the systems that send them.

/** A field of ours, or something that leads to fields. */
export type ChangeTarget =
  | 'names'
  | 'firstName'
  | 'lastName'
  | 'partner'
  | 'partnerFirstName'
  | 'partnerLastName'
  | 'email'
  | 'phone'
  | 'weddingDate'
  | 'weddingTime'
  | 'venue'
  | 'status'
  | 'packageName'
  | 'price'
  | 'currency'
  | 'photo'
  | 'leadSource'
  | 'createdAt'
  | 'tags'
  | 'notes'
  | 'custom'
  | 'previous'
  | 'technical';

/** Lower case, letters and digits only: `first_name`, `firstName` and "First name" are one. */
const SPELLINGS: Readonly<Record<ChangeTarget, string>> = {
  names:
    'names name fullname couple couplename couplenames clientname clientnames clientfullname clients contactname displayname',
  firstName: 'firstname givenname forename clientfirstname contactfirstname',
  lastName: 'lastname surname familyname clientlastname contactlastname',
  partner:
    'partner partnername partnerfullname spouse spousename fiance fiancee fiancename fianceename secondclient',
  partnerFirstName: 'partnerfirstname spousefirstname partnergivenname',
  partnerLastName: 'partnerlastname spouselastname partnersurname partnerfamilyname',
  email: 'email emailaddress mail clientemail contactemail primaryemail',
  phone:
    'phone phonenumber mobile mobilephone mobilenumber cell cellphone telephone tel clientphone contactphone',
  weddingDate:
    'weddingdate date eventdate dateofwedding projectdate weddingday newdate ceremonydate mainshoot shootdate',
  weddingTime: 'weddingtime time eventtime starttime ceremonytime',
  venue: 'venue venuename location weddingvenue weddinglocation eventlocation place',
  status: 'status stage leadstatus clientstatus lifecyclestage pipelinestage',
  packageName: 'package packagename collection product productname',
  price: 'price total totalprice amount value fee quote projectvalue totalprojectvalue packageprice',
  currency: 'currency currencycode pricecurrency',
  photo: 'photo photourl image imageurl picture pictureurl avatar avatarurl',
  leadSource: 'leadsource source referralsource referral referredby howdidyouhear',
  createdAt: 'createdat created createddate createdate leadcreateddate',
  tags: 'tags tag labels',
  notes: 'notes note message comments comment description',
  custom: 'custom customfields',
  previous:
    'previous previousvalue previousvalues previousdate previousweddingdate old olddate oldvalue oldvalues before',
  technical: 'id clientid recordid externalid contactid updatedat modifiedat lastmodified lastmodifieddate',
};

const BY_SPELLING: ReadonlyMap<string, ChangeTarget> = new Map(
  (Object.entries(SPELLINGS) as [ChangeTarget, string][]).flatMap(([target, words]) =>
    words.split(' ').map((word) => [word, target] as const),
  ),
);

/** What a key means; undefined for one that nothing is known about. */
export function changeTarget(key: string): ChangeTarget | undefined {
  return BY_SPELLING.get(key.toLowerCase().replace(/[^a-z0-9]/g, ''));
}
