import { SkeletonPage } from '@/components/ui/skeleton'

export default function QueriesLoading() {
  return <SkeletonPage label="Reading the queries" />
}
