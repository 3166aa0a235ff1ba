import type { Listing } from './worldJobs.ts';

/** The jobs of the hotel group; each list belongs to one organization of the account. */
export const HOTEL_LISTINGS: Record<string, Listing[]> = {
  'Pacific Stay Tumon Bay': [
    { kind: 'frontDesk', place: 'tumon', closesInDays: 30, headcount: 2, pinned: true },
    { kind: 'barista', place: 'tumon', closesInDays: 14 },
    { kind: 'housekeeping', place: 'tumon', headcount: 4 },
    { kind: 'nightAuditor', place: 'tumon', hidesPay: true },
    { kind: 'eventsAssistant', place: 'tumon', closesInDays: 21 },
    { kind: 'maintenance', place: 'tumon' },
    { kind: 'lineCook', place: 'hagatna', closesInDays: 45, headcount: 2 },
    { kind: 'accountingClerk', place: 'hagatna', remote: null },
    { kind: 'reservations', place: 'hagatna', pinned: true },
    { kind: 'lifeguard', place: 'tumon', closesInDays: 10, headcount: 3 },
    { kind: 'barista', place: 'hagatna', status: 'won' },
    { kind: 'frontDesk', place: 'dededo', unpublished: true },
  ],
  'Pacific Stay Marianas': [
    { kind: 'frontDesk', place: 'garapan', closesInDays: 28 },
    { kind: 'housekeeping', place: 'garapan', headcount: 3 },
    { kind: 'diveInstructor', place: 'garapan', hidesPay: true, remote: null },
    { kind: 'lineCook', place: 'garapan' },
    { kind: 'maintenance', place: 'rota', closesInDays: 60 },
    { kind: 'eventsAssistant', place: 'garapan', status: 'on_hold' },
    { kind: 'frontDesk', place: 'tinian', closesInDays: 18 },
    { kind: 'accountingClerk', place: 'garapan', status: 'lost' },
  ],
  'Pacific Stay Lagoon Lodges': [
    { kind: 'diveInstructor', place: 'koror', closesInDays: 40, headcount: 2, pinned: true },
    { kind: 'frontDesk', place: 'koror' },
    { kind: 'lineCook', place: 'airai', closesInDays: 25 },
    { kind: 'diveInstructor', place: 'weno', hidesPay: true },
    { kind: 'housekeeping', place: 'kolonia' },
    { kind: 'maintenance', place: 'colonia', closesInDays: 35 },
    { kind: 'barista', place: 'majuro', closesInDays: 12 },
    { kind: 'lifeguard', place: 'tofol', unpublished: true },
  ],
};

/** The jobs of the research and services group. */
export const LAB_LISTINGS: Record<string, Listing[]> = {
  'Reef Labs': [
    { kind: 'labTechnician', place: 'mangilao', closesInDays: 33, pinned: true },
    { kind: 'marineIntern', place: 'mangilao', closesInDays: 20, headcount: 4 },
    { kind: 'marineIntern', place: 'koror', closesInDays: 20, headcount: 2 },
    { kind: 'gisAnalyst', place: 'majuro', closesInDays: 50, remote: null },
    { kind: 'dataAssistant', place: 'mangilao' },
    { kind: 'boatOperator', place: 'kolonia', hidesPay: true },
    { kind: 'labTechnician', place: 'koror' },
    { kind: 'itSupport', place: 'hagatna', closesInDays: 30, remote: null },
    { kind: 'itSupport', place: 'majuro', hidesPay: true },
    { kind: 'grantsOfficer', place: 'hagatna', remote: true, closesInDays: 15 },
    { kind: 'labTechnician', place: 'garapan', status: 'on_hold' },
  ],
  'Atoll Care and Learning': [
    { kind: 'teacherAide', place: 'majuro', closesInDays: 24, headcount: 3 },
    { kind: 'teacherAide', place: 'weno', closesInDays: 24 },
    { kind: 'teacherAide', place: 'rota' },
    { kind: 'nurseAide', place: 'ebeye', headcount: 2 },
    { kind: 'nurseAide', place: 'kolonia', closesInDays: 38 },
    { kind: 'nurseAide', place: 'tofol', status: 'won' },
    { kind: 'accountingClerk', place: 'koror', unpublished: true },
  ],
  'Micro Isles Works': [
    { kind: 'solarInstaller', place: 'ebeye', closesInDays: 42, headcount: 2 },
    { kind: 'solarInstaller', place: 'colonia' },
    { kind: 'solarInstaller', place: 'dededo', closesInDays: 27, pinned: true },
    { kind: 'portLogistics', place: 'piti', hidesPay: true },
    { kind: 'portLogistics', place: 'majuro', closesInDays: 16 },
    { kind: 'oilPlantOperator', place: 'majuro', headcount: 3 },
    { kind: 'oilPlantOperator', place: 'weno', status: 'lost' },
    { kind: 'warehouse', place: 'piti', closesInDays: 9 },
    { kind: 'warehouse', place: 'garapan' },
    { kind: 'warehouse', place: 'tofol', status: 'on_hold' },
    { kind: 'boatOperator', place: 'airai', unpublished: true },
  ],
};
