import { SkeletonPage } from '@/components/ui/skeleton'

export default function IndexesLoading() {
  return <SkeletonPage label="Reading the indexes" />
}
