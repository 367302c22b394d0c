-- The names of the permissions are those of section 4 of the dialect; a grant twice is a grant once.
GRANT INSERT ON trades TO feed;
GRANT ASSUME SERVICE ACCOUNT feed TO traders;
GRANT SELECT ON trades, instruments TO traders WITH GRANT OPTION;
GRANT SELECT ON trades(symbol, price, ts), instruments TO analysts;
GRANT UPDATE ON trades(side) TO traders;
