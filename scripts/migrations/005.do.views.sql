CREATE OR REPLACE VIEW last_prices AS (
  SELECT symbol, max(ts) AS ts, max(price) AS highest FROM trades GROUP BY symbol
);
CREATE VIEW IF NOT EXISTS listed AS (SELECT symbol FROM instruments);
GRANT SELECT ON last_prices, listed TO analysts;
