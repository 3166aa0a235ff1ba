/** The catalogues every account shares. Ids are those application forms would use. Source: 9.9 */
export const CURRENCIES = [
  { id: 1, name: 'United States Dollar', code: 'USD' },
  { id: 2, name: 'Euro', code: 'EUR' },
  { id: 3, name: 'Japanese Yen', code: 'JPY' },
  { id: 4, name: 'Philippine Peso', code: 'PHP' },
  { id: 5, name: 'Australian Dollar', code: 'AUD' },
  { id: 6, name: 'South Korean Won', code: 'KRW' },
];

export const NATIONALITIES = [
  { id: 1, common_name: 'United States', demonym: 'American' },
  { id: 2, common_name: 'Guam', demonym: 'Guamanian' },
  { id: 3, common_name: 'Northern Mariana Islands', demonym: 'Northern Marianan' },
  { id: 4, common_name: 'Palau', demonym: 'Palauan' },
  { id: 5, common_name: 'Micronesia', demonym: 'Micronesian' },
  { id: 6, common_name: 'Marshall Islands', demonym: 'Marshallese' },
  { id: 7, common_name: 'Philippines', demonym: 'Filipino' },
  { id: 8, common_name: 'Japan', demonym: 'Japanese' },
];

export const LANGUAGES = [
  { id: 1, name: 'English' },
  { id: 2, name: 'Chamorro' },
  { id: 3, name: 'Carolinian' },
  { id: 4, name: 'Palauan' },
  { id: 5, name: 'Chuukese' },
  { id: 6, name: 'Pohnpeian' },
  { id: 7, name: 'Kosraean' },
  { id: 8, name: 'Yapese' },
  { id: 9, name: 'Marshallese' },
  { id: 10, name: 'Filipino' },
  { id: 11, name: 'Japanese' },
];

export function nationalityNamed(country: string) {
  const wanted = country.toLowerCase();
  return NATIONALITIES.find(({ common_name }) => common_name.toLowerCase() === wanted);
}
