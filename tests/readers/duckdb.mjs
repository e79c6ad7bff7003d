// DuckDB in this process: an answer from an engine that nobody here wrote.

import { DuckDBInstance } from '@duckdb/node-api'

/** An in-memory database; times are read as UTC and no progress is drawn. */
export async function openDuckDB(options = {}) {
  const connection = await (await DuckDBInstance.create(':memory:', options)).connect()
  await connection.run("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
  return {
    run: sql => connection.run(sql),
    /** Rows as plain objects; 64-bit numbers, decimals and times as text, so nothing is rounded. */
    rows: async sql => (await connection.runAndReadAll(sql)).getRowObjectsJson(),
    one: async sql => (await connection.runAndReadAll(sql)).getRowObjectsJson()[0],
  }
}

export const quote = text => `'${String(text).replaceAll("'", "''")}'`
export const ident = name => `"${String(name).replaceAll('"', '""')}"`
