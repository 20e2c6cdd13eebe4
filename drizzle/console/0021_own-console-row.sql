-- Which console this is: see db/console/console-id.ts.
INSERT INTO "console" DEFAULT VALUES;
