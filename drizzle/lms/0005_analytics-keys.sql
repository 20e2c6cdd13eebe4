-- REFRESH MATERIALIZED VIEW CONCURRENTLY tells rows apart by a unique index of plain columns over all rows; Drizzle declares no index on a view
CREATE UNIQUE INDEX course_statistics_key ON analytics.course_statistics (course_id);
--> statement-breakpoint
CREATE UNIQUE INDEX leaderboard_key ON analytics.leaderboard (period_days, user_id);
--> statement-breakpoint
CREATE INDEX leaderboard_readers ON analytics.leaderboard (period_days, rank);
