import type { Step } from './step'

export const PEOPLE: Step = {
  name: 'Users',
  statements: [
    /* sql */ `
      insert into users (id, email, name, role, created_at, updated_at, last_active_at, profile_data)
      select pg_temp.made_id('user', n), lower(translate(first || '.' || last, ' ''', '')) || n || '@lms.example', first || ' ' || last,
             role::user_role, joined, seen, seen,
             jsonb_build_object(
               'language', pg_temp.pick('{en,en,en,es,fr,de,pt,zh}', n, 5), 'country', pg_temp.pick('{US,GB,ES,FR,DE,BR,CN,IN,NG,NL}', n, 6),
               'interests', jsonb_build_array(pg_temp.pick('{data,design,languages,science,history}', n, 7), pg_temp.pick('{music,sport,code,travel}', n, 8)),
               'notifications', jsonb_build_object('email', pg_temp.chance(n, 9) < 0.7, 'push', pg_temp.chance(n, 10) < 0.3))
      from (
        select n, case when n <= pg_temp.scaled(10, 1) then 'admin' when n <= pg_temp.scaled(110, 6) then 'instructor' else 'student' end as role,
               pg_temp.pick('{Ada,Will,Maria,Chen,Omar,Ines,Grace,Noah,Amara,Lukas,Priya,Yuki,Elif,Sofia,Mateo,Aisha,Ivan,Leila,Tom,Nora,Kofi,Mei,Hugo,Zara,Emil}', n, 1) as first,
               pg_temp.pick('{Stone,May,Rossi,Khan,Novak,Okafor,Silva,Berg,Tanaka,Haddad,Cohen,Moreau,Nguyen,Larsen,Ortiz,Patel,Weber,Kaya,Bakker,Lopez,Quinn,Sato,Petrov,Mensah,O''Neil}', n, 2) as last,
               pg_temp.today() - (20 + 580 * pg_temp.chance(n, 3)) * interval '1 day' as joined,
               -- most were here lately, some have been gone for months
               pg_temp.today() - least(400, -14 * ln(1 - pg_temp.chance(n, 4))) * interval '1 day' as seen
        from generate_series(1, pg_temp.scaled(5000, 60)) n
      ) person`,
    /* sql */ `analyze users`,
  ],
}

export const COURSES: Step = {
  name: 'Courses, lessons and sections',
  statements: [
    /* sql */ `
      create temp table sample_course as
      select n, pg_temp.made_id('course', n) as id, n % 10 <> 0 as published, 12 + (17 * pg_temp.chance(n, 20))::int as lessons,
             -- popularity falls with rank as words do: a few courses hold much of the campus
             row_number() over (order by n % 10 = 0, pg_temp.chance(n, 21)) as rank
      from generate_series(1, pg_temp.scaled(200, 40)) n`,
    /* sql */ `
      insert into courses (id, title, description, difficulty_level, estimated_duration, created_by, created_at, updated_at, published_at, metadata)
      select id, form || ' ' || subject || case when n > 200 then ' ' || (n - 1) / 200 + 1 else '' end,
             format('%s %s: %s, with weekly exercises and %s.', form, subject,
               pg_temp.pick('{"from first principles","by worked examples","through case studies","for working engineers","with a term project"}', n, 22),
               pg_temp.pick('{"a final exam","peer review","a portfolio","quizzes in every lesson"}', n, 23)),
             (array['beginner', 'intermediate', 'intermediate', 'advanced', 'advanced'])[1 + (n - 1) / 40 % 5]::difficulty_enum,
             lessons * interval '90 minutes', pg_temp.made_id('user', pg_temp.scaled(10, 1) + 1 + n % (pg_temp.scaled(110, 6) - pg_temp.scaled(10, 1))),
             made, made + interval '20 days', case when published then made + interval '20 days' end,
             jsonb_build_object('tags', jsonb_build_array(lower(split_part(subject, ' ', 1)), pg_temp.pick('{theory,lab,project,reading,seminar}', n, 24),
                                                         pg_temp.pick('{core,elective,certificate}', n, 25)),
                                'credits', 2 + n % 5, 'language', pg_temp.pick('{en,en,en,es,fr}', n, 26))
      from (
        select *, (array['Introduction to', 'Applied', 'Practical', 'Advanced', 'Topics in'])[1 + (n - 1) / 40 % 5] as form,
               (array['Databases','Statistics','Painting','Organic Chemistry','Computer Networks','Linear Algebra','World History','Microeconomics','Spanish',
                      'Machine Learning','Cell Biology','Philosophy','Music Theory','Operating Systems','Astronomy','Genetics','Accounting','Photography',
                      'Data Visualisation','Ethics','Calculus','Distributed Systems','Sociology','Creative Writing','Thermodynamics','Marketing',
                      'Public Health','Cryptography','Geology','Architecture','Compilers','Psychology','Nutrition','Robotics','Law','Game Design',
                      'Linguistics','Ecology','Information Retrieval','Project Management'])[1 + (n - 1) % 40] as subject,
               pg_temp.today() - (480 + 300 * pg_temp.chance(n, 27)) * interval '1 day' as made
        from sample_course
      ) course`,
    /* sql */ `
      -- every fourth course numbers its lessons in tens, as editors do who expect to insert some
      insert into lessons (id, course_id, title, content, lesson_order, estimated_time, created_at, updated_at, metadata)
      select pg_temp.made_id('lesson', key), c.id, format('Lesson %s: %s', o, topic),
             repeat(format('%s is what this lesson is about. Read the text, try the example, then answer the questions. ', topic), 2 + o % 5),
             case when n % 4 = 0 then o * 10 else o end, (20 + 5 * (o % 6)) * interval '1 minute',
             pg_temp.today() - interval '470 days', pg_temp.today() - interval '300 days', jsonb_build_object('words', 200 + (900 * pg_temp.chance(key, 30))::int)
      from sample_course c cross join lateral generate_series(1, c.lessons) o
      cross join lateral (select n * 1000::bigint + o as key) k
      cross join lateral (select pg_temp.pick('{Foundations,Notation,"A first model",Measurement,"Common mistakes","Case study",Practice,Proof,"Tools of the trade",Review}', key, 31) as topic) t`,
    /* sql */ `
      create temp table sample_section as
      select n, l as lesson, o as part, (l - 1) * 4 + o as position, pg_temp.made_id('lesson', n * 1000::bigint + l) as lesson_id,
             n * 10000::bigint + l * 10 + o as key, pg_temp.made_id('section', n * 10000::bigint + l * 10 + o) as id
      from sample_course c cross join lateral generate_series(1, c.lessons) l cross join generate_series(1, 4) o`,
    /* sql */ `
      insert into sections (id, lesson_id, title, content, section_type, section_order, created_at, updated_at, metadata)
      select id, lesson_id, (array['Reading', 'Video', 'Exercise', 'Quiz'])[part] || ' ' || lesson || '.' || part,
             repeat('Take your time, and write down what you did not understand. ', 1 + part), (array['text', 'video', 'assignment', 'quiz'])[part]::section_type_enum,
             part, pg_temp.today() - interval '470 days', pg_temp.today() - interval '300 days', jsonb_build_object('minutes', 3 + (20 * pg_temp.chance(key, 32))::int)
      from sample_section`,
    /* sql */ `create unique index on sample_section (n, position) include (id, lesson_id)`,
    /* sql */ `analyze courses, lessons, sections, sample_course, sample_section`,
  ],
}
