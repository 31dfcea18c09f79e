// Reads a file with DuckDB as whole process, as peaks3feed-bench read and hash do:
//   node read.mjs sums|hash FILE THREADS csv|ndjson|json COLUMNS [OPTIONS]     COLUMNS: {"id":"BIGINT", …}; OPTIONS: {"header":false,"nullText":"~"}
//   node read.mjs copy FILE THREADS csv COLUMNS TARGET     writes the rows as CSV again, compressed
//   node read.mjs parquet FILE THREADS csv COLUMNS TARGET CODEC     writes the rows as Parquet
//   node read.mjs hash FILE THREADS parquet COLUMNS
import { DuckDBInstance } from '@duckdb/node-api';

const [mode, file, threads, format, columnsJson, last, codec] = process.argv.slice(2);
const { header = true, nullText = '' } = mode === 'copy' || mode === 'parquet' || !last ? {} : JSON.parse(last);
const columns = JSON.parse(columnsJson);
const text = (value) => `'${value.replaceAll("'", "''")}'`;
const typed = '{' + Object.entries(columns).map(([name, type]) => `${text(name)}: ${text(type)}`).join(', ') + '}';
const source = format === 'parquet' ? `read_parquet(${text(file)})` : format === 'csv'
  ? `read_csv(${text(file)}, auto_detect = false, header = ${header}, nullstr = ${text(nullText)}, delim = ',', quote = '"', escape = '"', new_line = '\\n', columns = ${typed})`
  : `read_json(${text(file)}, format = ${format === 'json' ? "'array'" : "'newline_delimited'"}, columns = ${typed})`;

// Every value is looked at: numbers, days and microseconds are summed, true ones counted, and of texts the bytes.
const sum = {
  BIGINT: (c) => `sum(${c})`,
  INTEGER: (c) => `sum(${c})`,
  'DECIMAL(12,2)': (c) => `sum(${c}) * 100`,
  'DECIMAL(18,2)': (c) => `sum(${c}) * 100`,
  DATE: (c) => `sum(${c} - DATE '1970-01-01')`,
  TIMESTAMPTZ: (c) => `sum(epoch_us(${c}))`,
  BOOLEAN: (c) => `count_if(${c})`,
  VARCHAR: (c) => `sum(strlen(${c}))`,
};
const projection = {
  DATE: (c) => `strftime(${c}, '%Y-%m-%d')`,
  TIMESTAMPTZ: (c) => `epoch_us(${c})`,
  BOOLEAN: (c) => `CASE WHEN ${c} THEN 1 ELSE 0 END`,
};

const all = Object.entries(columns).filter(([name]) => !name.startsWith('stage_')).map(([name, type]) => [`"${name}"`, type]);
const sums = ['count(*)', ...all.map(([c, type]) => sum[type](c))].map((s) => `CAST(CAST(${s} AS HUGEINT) AS VARCHAR)`);
const line = all.map(([c, type]) => `coalesce(CAST(${(projection[type] ?? ((x) => x))(c)} AS VARCHAR), '')`).join(' || chr(31) || ');
const sql = mode === 'hash'
  ? `SELECT CAST(count(*) AS VARCHAR), CAST(sum(a) AS VARCHAR), CAST(sum(b) AS VARCHAR)
     FROM (SELECT md5_number_upper(l) AS a, md5_number_lower(l) AS b FROM (SELECT ${line} AS l FROM ${source}))`
  : `SELECT ${sums.join(', ')} FROM ${source}`;

const form = mode === 'parquet' ? `FORMAT parquet, COMPRESSION ${codec}` : 'FORMAT csv, HEADER true, COMPRESSION gzip';
const copy = `COPY (SELECT * FROM ${source}) TO ${text(last ?? '')} (${form})`;

const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
if (mode === 'copy' || mode === 'parquet') {
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(copy);
  process.exit(0);
}
const [row] = (await connection.runAndReadAll(sql)).getRows();
const hex = (value) => BigInt.asUintN(64, BigInt(value)).toString(16).padStart(16, '0');
console.log(mode === 'hash' ? `${row[0]} ${hex(row[1])}${hex(row[2])}` : row.join(' '));
