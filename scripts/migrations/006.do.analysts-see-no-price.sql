-- Prices are for traders; analysts have the highest one of a view that they may read.
REVOKE SELECT ON trades(price) FROM analysts;
