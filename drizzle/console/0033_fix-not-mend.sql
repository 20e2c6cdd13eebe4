-- What would fix a finding or a problem was stored as mend. As jsonb writes itself, a name is '"mend": ': within a text the quotes are escaped.
UPDATE "finding" SET "found" = replace("found"::text, '"mend": ', '"fix": ')::jsonb WHERE "found"::text LIKE '%"mend": %';
--> statement-breakpoint
UPDATE "check_look" SET "problem" = replace("problem"::text, '"mend": ', '"fix": ')::jsonb WHERE "problem"::text LIKE '%"mend": %';
--> statement-breakpoint
UPDATE "sampled_server" SET "problem" = replace("problem"::text, '"mend": ', '"fix": ')::jsonb WHERE "problem"::text LIKE '%"mend": %';
--> statement-breakpoint
UPDATE "sampling_turn" SET "problem" = replace("problem"::text, '"mend": ', '"fix": ')::jsonb WHERE "problem"::text LIKE '%"mend": %';
--> statement-breakpoint
UPDATE "health_check" SET "index_health" = replace("index_health"::text, '"mend": ', '"fix": ')::jsonb, "index_bloat" = replace("index_bloat"::text, '"mend": ', '"fix": ')::jsonb, "problems" = replace("problems"::text, '"mend": ', '"fix": ')::jsonb WHERE "index_health"::text LIKE '%"mend": %' OR "index_bloat"::text LIKE '%"mend": %' OR "problems"::text LIKE '%"mend": %';
--> statement-breakpoint
UPDATE "run" SET "plan" = replace("plan"::text, '"mend": ', '"fix": ')::jsonb, "preflight" = replace("preflight"::text, '"mend": ', '"fix": ')::jsonb, "receipt" = replace("receipt"::text, '"mend": ', '"fix": ')::jsonb, "problem" = replace("problem"::text, '"mend": ', '"fix": ')::jsonb WHERE "plan"::text LIKE '%"mend": %' OR "preflight"::text LIKE '%"mend": %' OR "receipt"::text LIKE '%"mend": %' OR "problem"::text LIKE '%"mend": %';
