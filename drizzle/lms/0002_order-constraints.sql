-- Deferrable, so that one UPDATE can move a list along: a plain unique index fails half-way with 23505.
ALTER TABLE "lessons" ADD CONSTRAINT "idx_lessons_course_order" UNIQUE ("course_id", "lesson_order") DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "sections" ADD CONSTRAINT "idx_sections_lesson_order" UNIQUE ("lesson_id", "section_order") DEFERRABLE INITIALLY IMMEDIATE;
