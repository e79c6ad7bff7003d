-- duckdb -init rest.sql                       then: FROM lake.gold.fact_order_detail LIMIT 5;
INSTALL iceberg;
LOAD iceberg;

-- A lake on S3: the keys, for the catalog passes on only endpoint, region and path style.
-- INSTALL httpfs;
-- LOAD httpfs;
-- CREATE SECRET (TYPE s3, KEY_ID 'ACCESS_KEY', SECRET 'SECRET_KEY', ENDPOINT 'S3_HOST:9000', URL_STYLE 'path', USE_SSL false, REGION 'us-east-1');

-- Newer versions call the option URI instead of ENDPOINT. The name of the warehouse may be anything.
ATTACH 'olist' AS lake (TYPE iceberg, ENDPOINT 'http://HOST:7071/api/catalog', AUTHORIZATION_TYPE 'none');
SHOW ALL TABLES;
