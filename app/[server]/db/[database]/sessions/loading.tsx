import { SkeletonPage } from '@/components/ui/skeleton'

export default function ActivityLoading() {
  return <SkeletonPage label="Reading the sessions" />
}
