import { withoutIndexes } from './set-aside'
import type { Step } from './step'

/** How far an enrolment comes in the end is its reach. More than half are there when they are loaded; the churn takes the others on, round by round. */
export const ENROLMENTS: Step = {
  name: 'Enrolments',
  statements: [
    /* sql */ `
      create temp table sample_enrolment as
      with popularity as (
        -- as float8: of another type the whole array would be cast for each wish
        select array_agg(below::float8 order by rank) as below, array_agg(n order by rank) as course
        from (select n, rank, sum(1 / rank ^ 0.85) over (order by rank) / sum(1 / rank ^ 0.85) over () as below from sample_course where published) p
      ), wish as (
        select u, slot, u * 100::bigint + slot as key, 1 + width_bucket(pg_temp.chance(u * 100::bigint + slot, 42), t.shares) as term,
               p.course[1 + least(width_bucket(pg_temp.chance(u * 100::bigint + slot, 40), p.below), cardinality(p.course) - 1)] as n
        from generate_series(pg_temp.scaled(110, 6) + 1, pg_temp.scaled(5000, 60)) u
        cross join lateral generate_series(1, 4 + least(35, (-8.2 * ln(1 - pg_temp.chance(u, 41)))::int)) slot
        cross join popularity p
        cross join (select array_agg(share_below order by k) filter (where k < 5) as shares from sample_term) t
      ), first_wish as (
        select distinct on (u, n) * from wish order by u, n, slot
      ), dated as (
        -- most come in the first weeks of a term, by day rather than by night
        select *, date_trunc('day', starts - interval '3 days' + least(78, -9 * ln(1 - pg_temp.chance(key, 43))) * interval '1 day')
                  + (7 + 5 * (pg_temp.chance(key, 44) + pg_temp.chance(key, 45) + pg_temp.chance(key, 46))) * interval '1 hour' as wished
        from first_wish join sample_term on k = term
      )
      select row_number() over (order by at, key) as e, key, u, d.n, term, at, c.lessons * 4 as sections,
             pg_temp.made_id('user', u) as user_id, c.id as course_id,
             pg_temp.chance(key, 51) < 0.42 * pg_temp.churned() as moves, (6 + 8 * pg_temp.chance(key, 52)) * interval '1 minute' as pace,
             -- 12 % never begin, a third finishes; the running term has only come to where the weeks allow
             (c.lessons * 4 * case when r < 0.12 then 0 else least(1, greatest(0.02, (r - 0.1) * 1.6)) end
               * case when term = 5 then least(1, extract(epoch from pg_temp.today() - at) / 86400 / 80) else 1 end)::int as reach,
             at + (pg_temp.today() - at) * case when term = 5 then 0.6 + 0.4 * pg_temp.chance(key, 47) else least(1, 90 / greatest(1, extract(epoch from pg_temp.today() - at) / 86400)) * pg_temp.chance(key, 47) end as seen
      from dated d join sample_course c on c.n = d.n
      cross join lateral (select case when wished < pg_temp.today() then wished else pg_temp.today() - pg_temp.chance(key, 48) * interval '6 days' end as at) a
      cross join lateral (select (pg_temp.chance(key, 49) + pg_temp.chance(u, 50)) / 2 as r) x`,
    /* sql */ `create unique index on sample_enrolment (e)`,
    /* sql */ `analyze sample_enrolment`,
    withoutIndexes(
      'student_progress',
      /* sql */ `
      insert into student_progress (id, user_id, course_id, enrolled_at, last_accessed_at, completion_percentage, total_time_spent,
                                    total_lessons, completed_lessons, total_sections, completed_sections, current_lesson_id, current_section_id)
      select pg_temp.made_id('enrolment', e.key), user_id, course_id, at, case when moves then at else seen end, round(100.0 * done / sections, 2),
             done * pace, sections / 4, done / 4, sections, done, s.lesson_id, s.id
      from sample_enrolment e
      cross join lateral (select case when moves then 0 else reach end as done) d
      left join sample_section s on s.n = e.n and s.position = done + 1 and done > 0
      order by e.e`,
    ),
    /* sql */ `analyze student_progress`,
  ],
}

/** Detail is kept for the newest sections that a student touched: a tail of up to six an enrolment. */
export const SECTION_PROGRESS: Step = {
  name: 'Section progress',
  statements: [
    /* sql */ `
      create temp table sample_touch as
      select e.key * 1000 + s.position as key, e.user_id, s.id as section_id, e.term, s.part, s.key as section_key, e.u,
             e.at + (e.seen - e.at) * s.position / greatest(e.reach, 1) as at, s.position = e.reach as newest,
             -- two sections in five are visited once more: by an UPDATE, or at large scales most of them by the load
             c.chance < 0.4 * pg_temp.churned() as updated, c.chance >= 0.4 * pg_temp.churned() and c.chance < 0.4 as again
      from sample_enrolment e join sample_section s on s.n = e.n and s.position between greatest(1, e.reach - 5) and e.reach
      cross join lateral (select pg_temp.chance(e.key * 1000 + s.position, 91) as chance) c`,
    /* sql */ `analyze sample_touch`,
    withoutIndexes(
      'section_progress',
      /* sql */ `
      insert into section_progress (id, user_id, section_id, completed_at, time_spent, attempts, score, created_at, updated_at)
      select pg_temp.made_id('touch', key), user_id, section_id, case when not newest then at when again then at + interval '2 hours' end,
             (30 + 1500 * pg_temp.chance(key, 60))::int * interval '1 second' + case when again then interval '3 minutes' else interval '0' end,
             case when again then 2 else 1 end, case when part > 2 and not newest then round((100 * sqrt(pg_temp.chance(key, 61)))::numeric, 2) end,
             at, case when again then at + (pg_temp.today() - at) * pg_temp.chance(key, 90) else at end
      from sample_touch t order by t.at, t.key`,
    ),
    /* sql */ `analyze section_progress`,
  ],
}

export const QUIZZES: Step = {
  name: 'Quiz results',
  statements: [
    /* sql */ `
      -- 300 answer sheets of 4 to 7 questions; a result points at one, and its score is what the sheet is worth
      create temp table sample_sheet as
      select sheet, count(*) as questions, count(*) filter (where correct) as correct,
             jsonb_agg(jsonb_build_object('question', q, 'choice', chr(97 + (pg_temp.chance(sheet * 100 + q, 70) * 4)::int % 4), 'correct', correct,
                                          'seconds', 5 + (90 * pg_temp.chance(sheet * 100 + q, 71))::int) order by q) as answers
      from generate_series(0, 299) sheet
      cross join lateral generate_series(1, 4 + sheet % 4) q
      cross join lateral (select pg_temp.chance(sheet * 100 + q, 72) < 0.35 + 0.6 * sheet / 300 as correct) c
      group by sheet`,
    /* sql */ `analyze sample_sheet`,
    withoutIndexes(
      'quiz_results',
      /* sql */ `
      -- half try again, some twice; one student in thirty-two takes no quiz at all
      insert into quiz_results (id, user_id, section_id, score, max_score, time_taken, answers, created_at)
      select pg_temp.made_id('quiz' || attempt, t.key), user_id, section_id, round(worth * s.correct / s.questions, 2), worth,
             (120 + 900 * pg_temp.chance(t.key, 73))::int * interval '1 second', s.answers, t.at + (attempt - 1) * interval '1 day'
      from sample_touch t
      cross join lateral generate_series(1, case when pg_temp.chance(t.key, 74) < 0.25 then 3 when pg_temp.chance(t.key, 74) < 0.5 then 2 else 1 end) attempt
      cross join lateral (select (array[20, 50, 100])[1 + t.section_key % 3]::numeric as worth) w
      join sample_sheet s on s.sheet = least(299, (300 * (0.6 * pg_temp.chance(t.key, 75) + 0.3 * pg_temp.chance(t.u, 76) + 0.05 * attempt))::int)
      where part = 4 and t.u % 32 <> 0
      order by t.at, t.key`,
    ),
    /* sql */ `analyze quiz_results`,
  ],
}
