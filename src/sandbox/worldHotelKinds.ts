import type { JobKind } from './worldKinds.ts';

const HOTELS = 'Hospitality';
const DIVING = 'Recreation and tourism';

/** Work in hotels, kitchens and on the water. */
export const HOTEL_KINDS: Record<string, JobKind> = {
  frontDesk: {
    title: 'Front Desk Associate',
    contract: 'full_time',
    industry: HOTELS,
    pay: [11, 14],
    per: 'hour',
    opening: 'You are the first face our guests see after a long flight, often before sunrise.',
    duties: [
      'Check guests in and out, and settle bills without a queue building up',
      'Answer the phone and messages in English; Japanese, Korean or Chamorro is welcome',
      'Arrange airport rides, tours and late check-outs with the concierge',
      'Hand the shift over with a written log of open requests',
    ],
    asks: [
      'A calm, friendly manner when three people talk at once',
      'Able to work weekends and some nights',
    ],
  },
  barista: {
    title: 'Barista',
    contract: 'part_time',
    industry: HOTELS,
    pay: [9.5, 11.5],
    per: 'hour',
    opening: 'Our lobby bar opens at six, and the line starts at five past.',
    duties: [
      'Make coffee, tea and fresh fruit drinks to the house recipes',
      'Keep the counter, machine and milk station clean all through the shift',
      'Count the till and note what has to be ordered',
    ],
    asks: [
      'No experience needed: we train for two weeks',
      'A food handler certificate, or willing to get one',
    ],
  },
  housekeeping: {
    title: 'Room Attendant',
    contract: 'full_time',
    industry: HOTELS,
    pay: [9.5, 11],
    per: 'hour',
    opening: 'A room made well is the reason guests come back, and it is you who makes it.',
    duties: [
      'Clean and prepare twelve to fourteen rooms in a shift',
      'Restock linen and supplies, and report what is broken',
      'Turn lost property in the same day',
    ],
    asks: ['Able to stand, bend and lift up to 12 kg', 'An eye for detail'],
  },
  diveInstructor: {
    title: 'Dive Instructor',
    contract: 'contractor',
    industry: DIVING,
    pay: [16, 22],
    per: 'hour',
    opening: 'Two boats, small groups, and some of the clearest water in the Pacific.',
    duties: [
      'Teach open-water and advanced courses in groups of at most six',
      'Guide certified divers on walls, wrecks and drift dives',
      'Check tanks, regulators and the oxygen kit before each trip',
      'Keep the dive log and help brief the boat crew',
    ],
    asks: [
      'A current instructor rating and your own exposure suit',
      'First aid and oxygen provider training',
    ],
  },
  lineCook: {
    title: 'Line Cook',
    contract: 'full_time',
    industry: HOTELS,
    pay: [11, 14.5],
    per: 'hour',
    opening:
      'Our kitchen serves a breakfast buffet, a grill and island dishes made from local fish and taro.',
    duties: [
      'Prepare and cook on the grill and cold stations',
      'Label, date and rotate everything that is kept cold',
      'Clean down the station and write the prep list for the next shift',
    ],
    asks: ['One year in a busy kitchen, or a culinary certificate', 'Able to work split shifts'],
  },
  nightAuditor: {
    title: 'Night Auditor',
    contract: 'full_time',
    industry: HOTELS,
    pay: [12, 15],
    per: 'hour',
    opening: 'While the house sleeps, you close the day and keep the doors safe.',
    duties: [
      'Balance the day’s room and restaurant charges',
      'Prepare arrival lists and reports for the morning team',
      'Look after late arrivals and early departures',
    ],
    asks: ['Comfortable with figures and spreadsheets', 'Able to work from 10 pm to 6 am'],
  },
  lifeguard: {
    title: 'Pool and Beach Attendant',
    contract: 'temporary',
    industry: DIVING,
    pay: [10, 12],
    per: 'hour',
    opening: 'Families trust us with their children in the water; we take that seriously.',
    duties: [
      'Watch the pool and the marked swimming area',
      'Give out towels, kayaks and snorkel sets, and count them back in',
      'Read the flags and surf report and tell guests plainly',
    ],
    asks: ['A lifeguard certificate, or able to pass ours', 'Strong swimmer'],
  },
  maintenance: {
    title: 'Building Maintenance Technician',
    contract: 'full_time',
    industry: HOTELS,
    pay: [14, 19],
    per: 'hour',
    opening: 'Salt air is hard on everything; you keep 140 rooms running.',
    duties: [
      'Repair air conditioning, plumbing and doors, most urgent first',
      'Run the weekly generator and water plant checks',
      'Keep a tidy record of parts used and parts to order',
    ],
    asks: ['Two years in building or marine maintenance', 'A driver’s licence'],
  },
  accountingClerk: {
    title: 'Accounting Clerk',
    contract: 'full_time',
    industry: 'Accounting',
    pay: [13, 17],
    per: 'hour',
    opening: 'You make sure that suppliers are paid on time and that every receipt has a home.',
    duties: [
      'Enter and match invoices, orders and delivery notes',
      'Reconcile the bank and card accounts each week',
      'Prepare gross receipts tax figures for review',
    ],
    asks: ['Course work in accounting, or a year of practice', 'Careful with other people’s data'],
  },
  eventsAssistant: {
    title: 'Weddings and Events Assistant',
    contract: 'part_time',
    industry: HOTELS,
    pay: [11, 13],
    per: 'hour',
    opening: 'Ceremonies on the beach, conferences in the ballroom, a fiesta or two.',
    duties: [
      'Set up rooms and beach ceremonies to plan',
      'Meet suppliers, check flowers and sound against the order',
      'Stay close to the couple or host on the day',
    ],
    asks: ['Organised, and unruffled by rain', 'Weekends and evenings'],
  },
  reservations: {
    title: 'Reservations Agent',
    contract: 'full_time',
    industry: HOTELS,
    pay: [11.5, 14],
    per: 'hour',
    remote: true,
    opening: 'You answer booking questions for all our houses, from home or from the office.',
    duties: [
      'Reply to e-mail and chat within the hour',
      'Keep rates and room counts right on the booking sites',
      'Pass special wishes on to the house',
    ],
    asks: [
      'Clear written English; a second language helps',
      'A stable connection if you work from home',
    ],
  },
};
