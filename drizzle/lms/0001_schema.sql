CREATE TYPE "public"."difficulty_enum" AS ENUM('beginner', 'intermediate', 'advanced');--> statement-breakpoint
CREATE TYPE "public"."section_type_enum" AS ENUM('text', 'video', 'quiz', 'assignment');--> statement-breakpoint
CREATE TYPE "public"."user_role" AS ENUM('student', 'instructor', 'admin');--> statement-breakpoint
CREATE TABLE "courses" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"title" varchar(500) NOT NULL,
	"description" text,
	"difficulty_level" "difficulty_enum" NOT NULL,
	"estimated_duration" interval,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"published_at" timestamp with time zone,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"search_vector" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', coalesce(description, '')), 'B')) STORED
);
--> statement-breakpoint
CREATE TABLE "lessons" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"course_id" uuid NOT NULL,
	"title" varchar(500) NOT NULL,
	"content" text,
	"lesson_order" integer NOT NULL,
	"estimated_time" interval,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quiz_results" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"section_id" uuid NOT NULL,
	"score" numeric(5, 2) NOT NULL,
	"max_score" numeric(5, 2) NOT NULL,
	"time_taken" interval,
	"answers" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "quiz_results_max_score_check" CHECK ("quiz_results"."max_score" > 0),
	CONSTRAINT "quiz_results_score_check" CHECK ("quiz_results"."score" between 0 and "quiz_results"."max_score")
);
--> statement-breakpoint
CREATE TABLE "section_progress" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"section_id" uuid NOT NULL,
	"completed_at" timestamp with time zone,
	"time_spent" interval DEFAULT '0 minutes' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"score" numeric(5, 2),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "section_progress_user_id_section_id_key" UNIQUE("user_id","section_id")
);
--> statement-breakpoint
CREATE TABLE "sections" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"lesson_id" uuid NOT NULL,
	"title" varchar(500) NOT NULL,
	"content" text,
	"section_type" "section_type_enum" NOT NULL,
	"section_order" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "student_progress" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"course_id" uuid NOT NULL,
	"enrolled_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_accessed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"completion_percentage" numeric(5, 2) DEFAULT '0.00' NOT NULL,
	"total_time_spent" interval DEFAULT '0 minutes' NOT NULL,
	"total_lessons" integer DEFAULT 0 NOT NULL,
	"completed_lessons" integer DEFAULT 0 NOT NULL,
	"total_sections" integer DEFAULT 0 NOT NULL,
	"completed_sections" integer DEFAULT 0 NOT NULL,
	"current_lesson_id" uuid,
	"current_section_id" uuid,
	CONSTRAINT "student_progress_user_id_course_id_key" UNIQUE("user_id","course_id"),
	CONSTRAINT "student_progress_completion_percentage_check" CHECK ("student_progress"."completion_percentage" between 0 and 100),
	CONSTRAINT "student_progress_total_time_spent_check" CHECK ("student_progress"."total_time_spent" >= interval '0'),
	CONSTRAINT "student_progress_completed_lessons_check" CHECK ("student_progress"."completed_lessons" >= 0),
	CONSTRAINT "student_progress_completed_sections_check" CHECK ("student_progress"."completed_sections" >= 0)
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" varchar(255) NOT NULL,
	"name" varchar(255) NOT NULL,
	"role" "user_role" DEFAULT 'student' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_active_at" timestamp with time zone,
	"profile_data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "users_email_key" UNIQUE("email")
);
--> statement-breakpoint
ALTER TABLE "courses" ADD CONSTRAINT "courses_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lessons" ADD CONSTRAINT "lessons_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_results" ADD CONSTRAINT "quiz_results_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quiz_results" ADD CONSTRAINT "quiz_results_section_id_sections_id_fk" FOREIGN KEY ("section_id") REFERENCES "public"."sections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "section_progress" ADD CONSTRAINT "section_progress_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "section_progress" ADD CONSTRAINT "section_progress_section_id_sections_id_fk" FOREIGN KEY ("section_id") REFERENCES "public"."sections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sections" ADD CONSTRAINT "sections_lesson_id_lessons_id_fk" FOREIGN KEY ("lesson_id") REFERENCES "public"."lessons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "student_progress" ADD CONSTRAINT "student_progress_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "student_progress" ADD CONSTRAINT "student_progress_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "student_progress" ADD CONSTRAINT "student_progress_current_lesson_id_lessons_id_fk" FOREIGN KEY ("current_lesson_id") REFERENCES "public"."lessons"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "student_progress" ADD CONSTRAINT "student_progress_current_section_id_sections_id_fk" FOREIGN KEY ("current_section_id") REFERENCES "public"."sections"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_courses_title_trgm" ON "courses" USING gin ("title" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "idx_courses_difficulty" ON "courses" USING btree ("difficulty_level");--> statement-breakpoint
CREATE INDEX "idx_courses_published" ON "courses" USING btree ("published_at" DESC NULLS FIRST) WHERE "courses"."published_at" is not null;--> statement-breakpoint
CREATE INDEX "idx_courses_search" ON "courses" USING gin ("search_vector");--> statement-breakpoint
CREATE INDEX "idx_courses_metadata_gin" ON "courses" USING gin ("metadata");--> statement-breakpoint
CREATE INDEX "idx_courses_search_composite" ON "courses" USING btree ("difficulty_level","published_at" DESC NULLS FIRST) WHERE "courses"."published_at" is not null;--> statement-breakpoint
CREATE INDEX "idx_course_title_search" ON "courses" USING gin (to_tsvector('english', "title" || ' ' || coalesce("description", '')));--> statement-breakpoint
CREATE INDEX "idx_lessons_course_id" ON "lessons" USING btree ("course_id");--> statement-breakpoint
CREATE INDEX "idx_quiz_user_section" ON "quiz_results" USING btree ("user_id","section_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_quiz_section_scores" ON "quiz_results" USING btree ("section_id","score" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_quiz_user_recent" ON "quiz_results" USING btree ("user_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_quiz_performance" ON "quiz_results" USING btree ("section_id","created_at" DESC NULLS FIRST,"score" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_section_progress_user_section" ON "section_progress" USING btree ("user_id","section_id");--> statement-breakpoint
CREATE INDEX "idx_section_progress_section" ON "section_progress" USING btree ("section_id");--> statement-breakpoint
CREATE INDEX "idx_section_progress_completed" ON "section_progress" USING btree ("completed_at" DESC NULLS FIRST) WHERE "section_progress"."completed_at" is not null;--> statement-breakpoint
CREATE INDEX "idx_section_progress_user_recent" ON "section_progress" USING btree ("user_id","updated_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_learning_path" ON "section_progress" USING btree ("user_id","completed_at") WHERE "section_progress"."completed_at" is not null;--> statement-breakpoint
CREATE INDEX "idx_sections_lesson_id" ON "sections" USING btree ("lesson_id");--> statement-breakpoint
CREATE INDEX "idx_sections_type" ON "sections" USING btree ("section_type");--> statement-breakpoint
CREATE INDEX "idx_progress_user_course" ON "student_progress" USING btree ("user_id","course_id");--> statement-breakpoint
CREATE INDEX "idx_progress_course_completion" ON "student_progress" USING btree ("course_id","completion_percentage" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_progress_last_accessed" ON "student_progress" USING btree ("last_accessed_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_progress_current_lesson" ON "student_progress" USING btree ("current_lesson_id") WHERE "student_progress"."current_lesson_id" is not null;--> statement-breakpoint
CREATE INDEX "idx_progress_tracking" ON "student_progress" USING btree ("user_id","last_accessed_at" DESC NULLS FIRST,"completion_percentage");--> statement-breakpoint
CREATE INDEX "idx_progress_analytics" ON "student_progress" USING btree ("course_id","completion_percentage" DESC NULLS FIRST,"total_time_spent");--> statement-breakpoint
CREATE INDEX "idx_active_students" ON "student_progress" USING btree ("last_accessed_at" DESC NULLS FIRST,"user_id","course_id");--> statement-breakpoint
CREATE INDEX "idx_struggling_students" ON "student_progress" USING btree ("enrolled_at","user_id","course_id","completion_percentage") WHERE "student_progress"."completion_percentage" < 50;--> statement-breakpoint
CREATE INDEX "idx_progress_efficiency" ON "student_progress" USING btree (("completion_percentage" / nullif(extract(epoch from "total_time_spent"), 0) * 3600)) WHERE "student_progress"."total_time_spent" > interval '1 hour' and "student_progress"."completion_percentage" > 0;--> statement-breakpoint
CREATE INDEX "idx_users_email" ON "users" USING btree ("email");--> statement-breakpoint
CREATE INDEX "idx_users_role" ON "users" USING btree ("role");--> statement-breakpoint
CREATE INDEX "idx_users_last_active" ON "users" USING btree ("last_active_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "idx_users_profile_gin" ON "users" USING gin ("profile_data");--> statement-breakpoint
CREATE INDEX "idx_user_name_search" ON "users" USING gin (to_tsvector('simple', "name"));