// Every bronze, silver and gold table as one SQL statement over the nine source tables, in dependency order.
// Bronze tables carry the fields of their messages; where the pipeline adds ingest_time and origin, these have none.

export const tables = [
  ['bronze.order_status', `
    SELECT order_id, status, "timestamp" FROM (
      SELECT order_id, 'purchase' AS status, order_purchase_timestamp AS "timestamp" FROM orders
      UNION ALL SELECT order_id, 'approved', order_approved_at FROM orders
      UNION ALL SELECT order_id, 'delivered_carrier', order_delivered_carrier_date FROM orders
      UNION ALL SELECT order_id, 'delivered_customer', order_delivered_customer_date FROM orders)
    WHERE "timestamp" IS NOT NULL`],

  // The last payment keeps the purchase time, each earlier one is 30 s before the next.
  ['bronze.payment', `
    SELECT p.order_id, p.payment_sequential,
      o.order_purchase_timestamp - to_seconds(30 * (row_number() OVER (PARTITION BY p.order_id ORDER BY p.payment_sequential DESC) - 1)) AS "timestamp",
      p.payment_value, p.payment_type, p.payment_installments, o.customer_id
    FROM payments p JOIN purchased o USING (order_id)`],

  ['bronze.order_item', `
    SELECT i.order_id, i.order_item_id, i.shipping_limit_date, i.price, i.freight_value, i.product_id, i.seller_id
    FROM items i SEMI JOIN purchased USING (order_id)`],

  ['bronze.product', `
    SELECT p.product_id, p.category, p.weight_g, p.length_cm, p.height_cm, p.width_cm
    FROM (SELECT DISTINCT order_id, product_id FROM bronze.order_item) JOIN named_products p USING (product_id)`],

  ['bronze.seller', `
    SELECT s.seller_id, s.seller_zip_code_prefix AS zip_code
    FROM (SELECT DISTINCT order_id, seller_id FROM bronze.order_item) JOIN sellers s USING (seller_id)`],

  ['bronze.customer', `
    SELECT c.customer_id, c.customer_zip_code_prefix AS zip_code FROM purchased JOIN customers c USING (customer_id)`],

  ['bronze.geolocation', `
    SELECT l.zip_code, l.lat, l.lng, l.state, l.city FROM (
      SELECT DISTINCT i.order_id, s.seller_zip_code_prefix AS zip_code FROM bronze.order_item i JOIN sellers s USING (seller_id)
      UNION ALL SELECT NULL, zip_code FROM bronze.customer) JOIN zips l USING (zip_code)`],

  ['bronze.estimated_delivery_date', `
    SELECT order_id, order_estimated_delivery_date AS estimated_delivery_date FROM orders WHERE order_approved_at IS NOT NULL`],

  ['bronze.review', `
    SELECT review_id, order_id, review_creation_date, review_answer_timestamp, review_score, review_comment_title, review_comment_message FROM reviews`],

  ['silver.order_event', `
    SELECT order_id, replace(status, 'approved', 'approve') AS data_type, "timestamp" FROM bronze.order_status
    UNION SELECT order_id, 'estimated_delivery', estimated_delivery_date FROM bronze.estimated_delivery_date WHERE estimated_delivery_date IS NOT NULL
    UNION SELECT order_id, 'shipping_limit', shipping_limit_date FROM bronze.order_item WHERE shipping_limit_date IS NOT NULL`],

  ['silver.customer_order', `
    SELECT i.order_id, i.product_id, i.seller_id, i.price AS unit_price, count(*) AS quantity, any_value(p.customer_id) AS customer_id
    FROM bronze.order_item i LEFT JOIN (SELECT order_id, any_value(customer_id) AS customer_id FROM bronze.payment GROUP BY order_id) p USING (order_id)
    GROUP BY ALL`],

  ['silver.product_metadata', `
    SELECT DISTINCT i.product_id, i.seller_id, coalesce(p.category, 'unknown') AS category
    FROM bronze.order_item i JOIN named_products p USING (product_id)`],

  ['silver.olist_user', `
    SELECT DISTINCT 'customer' AS user_type, customer_id AS user_id, zip_code FROM bronze.customer
    UNION ALL SELECT DISTINCT 'seller', seller_id, zip_code FROM bronze.seller`],

  ['silver.geo_coord', `
    SELECT DISTINCT zip_code, lat, lng FROM bronze.geolocation
    WHERE lat BETWEEN -33.69111 AND 2.81972 AND lng BETWEEN -72.89583 AND -34.80861`],

  ['silver.review_metadata', `
    SELECT DISTINCT review_id, order_id, review_score, review_creation_date, review_answer_timestamp FROM bronze.review`],

  ['silver.review_clean_comment', `
    SELECT DISTINCT review_id, order_id, "column", text FROM (
      SELECT review_id, order_id, "column", trim(regexp_replace(nfc_normalize(raw), '[\\pZ\\p{Cc}]+', ' ', 'g'), ' ') AS text FROM (
        SELECT review_id, order_id, 'review_comment_title' AS "column", review_comment_title AS raw FROM bronze.review
        UNION ALL SELECT review_id, order_id, 'review_comment_message', review_comment_message FROM bronze.review))
    WHERE text <> ''`],

  ['gold.fact_order_lead_days', `
    SELECT order_id, purchase, approve, delivered_carrier, delivered_customer, shipping_limit, estimated_delivery,
      datediff('day', purchase, approve) AS purchase_to_approval_days,
      datediff('day', approve, delivered_carrier) AS approval_to_carrier_days,
      datediff('day', delivered_carrier, delivered_customer) AS carrier_to_customer_days,
      datediff('day', shipping_limit, delivered_carrier) AS carrier_delivery_delay_days,
      datediff('day', estimated_delivery, delivered_customer) AS customer_delivery_delay_days
    FROM (SELECT order_id, ${['purchase', 'approve', 'delivered_carrier', 'delivered_customer', 'shipping_limit', 'estimated_delivery']
    .map(kind => `max("timestamp") FILTER (data_type = '${kind}') AS ${kind}`).join(', ')}
      FROM silver.order_event GROUP BY order_id)`],

  ['gold.fact_order_detail', `
    SELECT o.order_id, o.product_id, o.seller_id, o.unit_price, o.customer_id, coalesce(m.category, 'unknown') AS category, o.quantity
    FROM silver.customer_order o LEFT JOIN silver.product_metadata m USING (product_id, seller_id)`],

  ['gold.dim_user_location', `
    SELECT u.user_type, u.user_id, u.zip_code, g.lat, g.lng FROM silver.olist_user u JOIN silver.geo_coord g USING (zip_code)`],

  ['gold.fact_review_answer_lead_days', `
    SELECT review_id, order_id, review_score, review_creation_date, review_answer_timestamp,
      datediff('day', review_creation_date, review_answer_timestamp) AS until_answer_lead_days FROM silver.review_metadata`],

  ['gold.fact_monthly_sales_by_product', `
    WITH sold AS (
      SELECT d.product_id, d.category, strftime(l.delivered_customer, '%Y-%m') AS sales_period,
        sum(d.quantity)::BIGINT AS total_sales_quantity, sum(d.unit_price * d.quantity)::DECIMAL(18,2) AS total_sales_amount
      FROM gold.fact_order_detail d JOIN gold.fact_order_lead_days l USING (order_id)
      WHERE l.delivered_customer IS NOT NULL GROUP BY ALL),
    meant AS (SELECT *, total_sales_amount::DOUBLE / total_sales_quantity AS mean_sales FROM sold),
    medians AS (
      SELECT category, sales_period, percentile_disc(0.5) WITHIN GROUP (ORDER BY total_sales_quantity) AS quantity, percentile_disc(0.5) WITHIN GROUP (ORDER BY mean_sales) AS price
      FROM meant GROUP BY ALL)
    SELECT m.product_id, m.category, m.sales_period, m.total_sales_quantity, m.total_sales_amount, m.mean_sales,
      CASE WHEN total_sales_quantity > quantity THEN CASE WHEN mean_sales >= price THEN 'Star Products' ELSE 'Volume Drivers' END
        ELSE CASE WHEN mean_sales >= price THEN 'Niche Gems' ELSE 'Question Marks' END END AS "group"
    FROM meant m JOIN medians USING (category, sales_period)`],
]

/** What the tables above are made of, besides the nine files. */
export const helpers = [
  ['purchased', 'SELECT order_id, customer_id, order_purchase_timestamp FROM orders WHERE order_purchase_timestamp IS NOT NULL'],
  ['category_names', `
    SELECT product_category_name, any_value(product_category_name_english) AS english FROM translations GROUP BY 1
    UNION ALL SELECT * FROM (VALUES ('pc_gamer', 'gaming_pc'), ('portateis_cozinha_e_preparadores_de_alimentos', 'portable_kitchen_and_food_preparators')) v(name, english)
      WHERE name NOT IN (SELECT product_category_name FROM translations)`],
  ['named_products', `
    SELECT product_id, coalesce(english, product_category_name) AS category,
      product_weight_g AS weight_g, product_length_cm AS length_cm, product_height_cm AS height_cm, product_width_cm AS width_cm
    FROM products LEFT JOIN category_names USING (product_category_name)`],
  ['zips', `
    WITH means AS (SELECT geolocation_zip_code_prefix AS zip_code, avg(geolocation_lat) AS lat, avg(geolocation_lng) AS lng FROM locations GROUP BY 1),
    cities AS (SELECT geolocation_zip_code_prefix AS zip_code, geolocation_city AS city FROM locations GROUP BY 1, 2
      QUALIFY row_number() OVER (PARTITION BY zip_code ORDER BY count(*) DESC, city) = 1),
    states AS (SELECT geolocation_zip_code_prefix AS zip_code, geolocation_state AS state FROM locations GROUP BY 1, 2
      QUALIFY row_number() OVER (PARTITION BY zip_code ORDER BY count(*) DESC, state) = 1)
    SELECT zip_code, lat, lng, state, city FROM means JOIN cities USING (zip_code) JOIN states USING (zip_code)`],
]

/**
 * Builds helpers and tables in the given DuckDB; the nine source tables must be there. Without bronze, its tables are only views that
 * silver reads through, and what no silver or gold table shows (cities, states) is not computed: the least work that gives silver and gold.
 */
export async function buildTables(db, { bronze = true } = {}) {
  const means = `SELECT geolocation_zip_code_prefix AS zip_code, avg(geolocation_lat) AS lat, avg(geolocation_lng) AS lng, NULL AS state, NULL AS city FROM locations GROUP BY 1`
  for (const schema of ['bronze', 'silver', 'gold']) await db.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
  for (const [name, sql] of helpers) await db.run(`CREATE OR REPLACE TABLE ${name} AS ${!bronze && name === 'zips' ? means : sql}`)
  for (const [name, sql] of tables)
    await db.run(`CREATE OR REPLACE ${bronze || !name.startsWith('bronze.') ? 'TABLE' : 'VIEW'} ${name} AS ${sql}`)
}
