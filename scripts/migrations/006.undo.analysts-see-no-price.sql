GRANT SELECT ON trades(price) TO analysts;
