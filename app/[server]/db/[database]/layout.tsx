import { placeOf } from '@/app/place'
import { Shell } from '@/app/shell'

/** The shell around the pages of one database; the page's own name is found by its address. */
export default async function DatabaseLayout({ params, children }: LayoutProps<'/[server]/db/[database]'>) {
  const { server, database } = await placeOf(params)
  return (
    <Shell crumbs={[]} server={server} database={database}>
      {children}
    </Shell>
  )
}
