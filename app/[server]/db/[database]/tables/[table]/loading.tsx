import { SkeletonPage } from '@/components/ui/skeleton'

export default function TableLoading() {
  return <SkeletonPage label="Reading the table" />
}
