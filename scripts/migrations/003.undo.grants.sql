REVOKE UPDATE ON trades(side) FROM traders;
REVOKE SELECT ON trades, instruments FROM analysts;
REVOKE SELECT ON trades, instruments FROM traders;
REVOKE ASSUME SERVICE ACCOUNT feed FROM traders;
REVOKE INSERT ON trades FROM feed;
