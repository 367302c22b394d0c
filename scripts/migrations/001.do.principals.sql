-- Teams, people, and the application that writes. Passwords are no part of a migration: they are set
-- with ALTER USER ... WITH PASSWORD, by their owners or by who runs the server.
CREATE GROUP IF NOT EXISTS traders;
CREATE GROUP IF NOT EXISTS analysts;
CREATE USER IF NOT EXISTS ada;
CREATE USER IF NOT EXISTS grace;
CREATE SERVICE ACCOUNT IF NOT EXISTS feed;
ADD USER ada TO traders, analysts;
ADD USER grace TO analysts;
GRANT PGWIRE, HTTP TO traders;
GRANT PGWIRE TO analysts;
GRANT PGWIRE TO feed;
