CREATE TABLE IF NOT EXISTS trades (
  symbol SYMBOL,
  side SYMBOL,
  price DOUBLE,
  amount DOUBLE,
  ts TIMESTAMP
) TIMESTAMP(ts) PARTITION BY DAY;
CREATE TABLE IF NOT EXISTS instruments (
  symbol VARCHAR(16) PRIMARY KEY,
  name TEXT NOT NULL
);
INSERT INTO instruments (symbol, name)
VALUES ('BTC-USD', 'Bitcoin'), ('ETH-USD', 'Ether')
ON CONFLICT (symbol) DO NOTHING;
