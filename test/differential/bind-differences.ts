/** Statements of bind-statements.json on which we differ from PostgreSQL on purpose, and why. */
export const differences: ReadonlyMap<string, string> = new Map([
  ['select t from t where a = 1', 'rows have no named types here'],
  ['select distinct t from t order by t', 'rows have no named types here'],
  ['select b.lower() from t', 'there are no schemas of functions'],
  ['select b collate "de_DE" from t', 'collations other than "C" are refused by name'],
  ['select (select max(t.a)) from t', 'aggregates of an outer query are refused'],
  ['select * from t tablesample system (10)', 'refused'],
  ['select * from t for update', 'refused'],
  ['select a into z from t', 'refused'],
  ['select $1', 'the driver sends no parameter, the binder takes it for text'],
  [
    'update u set e = t.b from t where t.a = u.a returning u.a, u.e, t.b',
    'the engine returns columns of the target only',
  ],
  [
    'delete from u using t where t.a = u.a and t.a = 2 returning u.a, t.b',
    'the engine returns columns of the target only',
  ],
  ['select unnest(array[1,2])', 'set-returning functions stand in FROM only'],
  ['select mode() within group (order by b) from t', 'not offered'],
  [
    "select concat(a, '-', b), concat_ws(',', a, b), initcap(b), lpad(b, 5, '*') from t order by a",
    'initcap is not offered',
  ],
  [
    'select array[1,2,3], array[1, 2.5], (array[1,2,3])[2], (array[1,2,3])[1:2]',
    'the numbers of one array have one scale',
  ],
  ['select t.*::text from t', 'rows are not cast to text'],
  ['select t = t from t', 'comparing rows gives null where a field is null'],
])
