import { SkeletonPage } from '@/components/ui/skeleton'

export default function ExtensionsLoading() {
  return <SkeletonPage label="Reading the extensions" />
}
