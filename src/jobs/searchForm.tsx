import { Form, Link } from 'react-router';
import { employmentWords } from './job.ts';
import { isNarrowed, type JobSearch, SORT_WORDS, SORTS } from './jobSearch.ts';
import type { JobChoices } from './store.ts';

/** The one line of search on the front page. */
export function QuickSearch() {
  return (
    <Form action="/jobs" className="quick-search" role="search">
      <label className="unseen" htmlFor="q">
        What kind of work?
      </label>
      <input id="q" name="q" type="search" placeholder="Job, skill, employer or island" />
      <button type="submit" className="primary">
        Search jobs
      </button>
    </Form>
  );
}

/** Search and filters of the board. A plain form: what it asks stands in the address. */
export function SearchForm({ search, choices }: { search: JobSearch; choices: JobChoices }) {
  return (
    // The key makes the fields follow the address when it changes without a full load.
    <Form action="/jobs" className="board-search" role="search" key={JSON.stringify(search)}>
      <div className="board-text">
        <label htmlFor="q">Search</label>
        <input
          id="q"
          name="q"
          type="search"
          defaultValue={search.text}
          placeholder="Job, skill or employer"
        />
      </div>
      <PlaceFilter search={search} choices={choices} />
      <TypeFilter search={search} choices={choices} />
      <div>
        <label htmlFor="sort">Sort by</label>
        <select id="sort" name="sort" defaultValue={search.sort}>
          {SORTS.filter((sort) => sort !== 'match' || search.text).map((sort) => (
            <option key={sort} value={sort}>
              {SORT_WORDS[sort]}
            </option>
          ))}
        </select>
      </div>
      <div className="board-go">
        {(choices.remote > 0 || search.remote) && (
          <div className="check">
            <input
              type="checkbox"
              id="remote"
              name="remote"
              value="1"
              defaultChecked={search.remote}
            />
            <label htmlFor="remote">Remote only</label>
          </div>
        )}
        <button type="submit" className="primary">
          Search
        </button>
        {isNarrowed(search) && <Link to="/jobs">Clear</Link>}
      </div>
    </Form>
  );
}

function PlaceFilter({ search, choices }: { search: JobSearch; choices: JobChoices }) {
  return (
    <div>
      <label htmlFor="place">Place</label>
      <select id="place" name="place" defaultValue={search.place}>
        <option value="">Everywhere</option>
        {choices.places.map((group) => (
          <optgroup key={group.value} label={group.words}>
            <option value={group.value}>
              All of {group.words} ({group.count})
            </option>
            {group.cities.map((city) => (
              <option key={city.value} value={city.value}>
                {city.words} ({city.count})
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}

function TypeFilter({ search, choices }: { search: JobSearch; choices: JobChoices }) {
  return (
    <div>
      <label htmlFor="type">Type</label>
      <select id="type" name="type" defaultValue={search.employmentType}>
        <option value="">Any type</option>
        {choices.employmentTypes.map(({ value, count }) => (
          <option key={value} value={value}>
            {employmentWords(value)} ({count})
          </option>
        ))}
      </select>
    </div>
  );
}
