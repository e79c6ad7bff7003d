-- duckdb -init folder.sql                     without the app: one table at a time, straight from the lake
INSTALL iceberg;
LOAD iceberg;

-- DuckDB takes the version that version-hint.text names.
CREATE VIEW fact_order_detail AS FROM iceberg_scan('/PATH/TO/.olist/lake/gold/fact_order_detail');

-- As of one snapshot:
-- FROM iceberg_snapshots('/PATH/TO/.olist/lake/gold/fact_order_detail');
-- FROM iceberg_scan('/PATH/TO/.olist/lake/gold/fact_order_detail', snapshot_from_id = 1234567890);

-- On S3: LOAD httpfs, CREATE SECRET as in rest.sql, then 's3://BUCKET/PREFIX/gold/fact_order_detail'.
-- A lake that was moved after it was written: add allow_moved_paths = true.
FROM fact_order_detail LIMIT 5;
