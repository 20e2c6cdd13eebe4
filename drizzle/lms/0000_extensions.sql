-- What the schema and the console's exact measurements need; on most servers a superuser's to make.
CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pgstattuple;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pageinspect;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
