import { SkeletonPage } from '@/components/ui/skeleton'

export default function TablesLoading() {
  return <SkeletonPage label="Reading the tables" />
}
