import { SkeletonPage } from '@/components/ui/skeleton'

export default function StorageLoading() {
  return <SkeletonPage label="Reading the storage" />
}
