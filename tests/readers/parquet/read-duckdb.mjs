// node read-duckdb.mjs FILE: {"types": [...], "rows": [[...], ...]} on stdout
import { connect, dump } from './duckdb.mjs'
const connection = await connect()
console.log(JSON.stringify(await dump(connection, `select * from read_parquet('${process.argv[2]}')`)))
