-- duckdb -init rest.sql                       then: FROM lake.gold.fact_order_detail LIMIT 5;
INSTALL iceberg;
LOAD iceberg;

-- A lake on S3: the keys, for the catalog passes on only endpoint, region and path style.
-- INSTALL httpfs;
-- LOAD httpfs;
-- CREATE SECRET (TYPE s3, KEY_ID 'ACCESS_KEY', SECRET 'SECRET_KEY', ENDPOINT 'S3_HOST:9000', URL_STYLE 'path', USE_SSL false, REGION 'us-east-1');

-- ACCESS_DELEGATION_MODE none: this catalog lends no keys, and without the option DuckDB would wait for some instead of using the secret above.
-- From version 2.0 on the option is called URI, and ENDPOINT is its old name. The name of the warehouse may be anything.
ATTACH 'olist' AS lake (TYPE iceberg, ENDPOINT 'http://HOST:7071/api/catalog', AUTHORIZATION_TYPE 'none', ACCESS_DELEGATION_MODE 'none');
SHOW ALL TABLES;
