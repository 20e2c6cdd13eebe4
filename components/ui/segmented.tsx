'use client'
import type { ReactNode } from 'react'
import { classes } from './class-names'

export interface Choice<T extends string> {
  value: T
  label: string
  count?: string
  /** Of a filter: the mark that a chart draws it with. */
  mark?: ReactNode
}

/** One of a few, in a frame: 1 h, 6 h, 24 h. */
export function Segmented<T extends string>(props: { label: string; value: T; choices: Choice<T>[]; onChange: (value: T) => void }) {
  return (
    <fieldset className="inline-flex h-[30px] overflow-hidden rounded-control border border-line-2 bg-surface max-sm:h-10">
      <legend className="sr-only">{props.label}</legend>
      {props.choices.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === props.value}
          onClick={() => props.onChange(value)}
          className="border-l border-line px-2.5 text-cell font-medium text-ink-2 -outline-offset-2 first:border-l-0 aria-pressed:bg-sunken aria-pressed:text-ink"
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}

interface FilterChipsProps<T extends string> {
  label: string
  value: T
  choices: Choice<T>[]
  onChange: (value: T) => void
  /** Closer together: many of them in one line. */
  close?: boolean
}

/** Filters with their counts; one is pressed. */
export function FilterChips<T extends string>(props: FilterChipsProps<T>) {
  return (
    <fieldset
      className={classes(
        'flex min-w-0 flex-wrap max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:p-0.5',
        props.close ? 'gap-0.5' : 'gap-1.5',
      )}
    >
      <legend className="sr-only">{props.label}</legend>
      {props.choices.map(({ value, label, count, mark }) => {
        const pressed = value === props.value
        return (
          <button
            key={value}
            type="button"
            aria-pressed={pressed}
            onClick={() => props.onChange(value)}
            className={classes(
              'inline-flex h-7 items-center rounded-control border text-cell font-medium whitespace-nowrap max-sm:h-10',
              props.close ? 'gap-1 px-[7px]' : 'gap-1.5 px-[9px]',
              pressed ? 'border-line-2 bg-surface text-ink' : 'border-transparent text-ink-2 hover:bg-sunken',
            )}
          >
            {mark}
            {label}
            {count !== undefined && <span className="text-ink-3">{count}</span>}
          </button>
        )
      })}
    </fieldset>
  )
}
