import { SkeletonPage } from '@/components/ui/skeleton'

export default function CacheLoading() {
  return <SkeletonPage label="Reading the cache" />
}
