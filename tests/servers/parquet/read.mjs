// Reads Parquet files with a reader that shares no code with the writer, and prints each row as a line of JSON, file by file:
//   node read.mjs hyparquet|parquet-wasm [--names] FILE...
//                              with --names, each line begins with the name of its file as given, and a tab
//   node read.mjs serve        reads requests from the standard input, a line of JSON each, {"reader": …, "files": […]}, and answers each with a line:
//                              {"rows": […]}, the lines above for each file, or {"error": …}
// Values in a form that loses nothing: integers, days, microseconds and unscaled decimals as text, doubles as the hexadecimal digits of their bits, texts as
// those of their UTF-8, booleans as such, NULL as null.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [reader, ...rest] = process.argv.slice(2);
const named = rest[0] === '--names';
const files = named ? rest.slice(1) : rest;
const hex = (array) => Buffer.from(array).toString('hex').toUpperCase();
const bits = (number) => {
  const view = Buffer.alloc(8);
  view.writeDoubleBE(number);
  return hex(view);
};

// Two's complement, the highest byte first.
const integer = (array) => BigInt.asIntN(array.length * 8, BigInt('0x' + hex(array))).toString();

async function hyparquet(bytes) {
  const { parquetMetadata, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const metadata = parquetMetadata(file);
  const kinds = metadata.schema.slice(1).map((e) => [e.name, e.converted_type === 'DECIMAL' ? 'DECIMAL' : e.converted_type === 'UTF8' ? 'UTF8' : e.type]);
  // Without its logical types, it gives the stored values: it would make numbers of decimals, which have more digits than a number can hold.
  for (const element of metadata.schema) {
    delete element.converted_type;
    delete element.logical_type;
  }
  const form = { DECIMAL: integer, UTF8: hex, DOUBLE: bits, BOOLEAN: (b) => b, INT32: String, INT64: String };
  const rows = await parquetReadObjects({ file, metadata, compressors, utf8: false });
  return rows.map((row) => kinds.map(([name, kind]) => (row[name] === null || row[name] === undefined ? null : form[kind](row[name]))));
}

async function parquetWasm(bytes) {
  const { readParquet } = await import('parquet-wasm/node');
  const { tableFromIPC, Type } = await import('apache-arrow');
  const table = tableFromIPC(readParquet(new Uint8Array(bytes)).intoIPCStream());
  const columns = table.schema.fields.map((field, at) => {
    const values = [];
    for (const data of table.getChildAt(at).data) {
      for (let row = 0; row < data.length; row++)
        values.push(data.getValid(row) ? read(data, row, field.type, Type) : null);
    }
    return values;
  });
  return Array.from({ length: table.numRows }, (_, row) => columns.map((c) => c[row]));
}

// The stored values again, not what Arrow's classes make of them: those have times in milliseconds.
function read(data, row, type, Type) {
  switch (type.typeId) {
    case Type.Bool: return ((data.values[(row + data.offset) >> 3] >> ((row + data.offset) & 7)) & 1) === 1;
    case Type.Float: return bits(data.values[row]);
    case Type.Decimal: {
      const words = data.values.subarray(row * 4, row * 4 + 4);
      return integer([...Buffer.from(words.buffer, words.byteOffset, 16)].reverse());
    }
    case Type.Utf8: return hex(data.values.subarray(data.valueOffsets[row], data.valueOffsets[row + 1]));
    default: return String(data.values[row]);
  }
}

async function readRows(by, file) {
  const rows = await (by === 'hyparquet' ? hyparquet : parquetWasm)(readFileSync(file));
  return rows.map((r) => JSON.stringify(r));
}

async function answer(request) {
  const rows = [];
  for (const file of request.files)
    rows.push(await readRows(request.reader, file));
  return { rows };
}

if (reader === 'serve') {
  for await (const line of createInterface({ input: process.stdin }))
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line)).catch((e) => ({ error: String(e?.stack ?? e) }))) + '\n');
} else {
  for (const file of files)
    process.stdout.write((await readRows(reader, file)).map((r) => (named ? file + '\t' : '') + r + '\n').join(''));
}
