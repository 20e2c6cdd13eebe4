'use client'
import dynamic from 'next/dynamic'

/** Where notices appear. */
export const Notices = dynamic(() => import('./toaster').then((module) => module.NoticesToaster), { ssr: false })
