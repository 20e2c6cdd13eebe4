import { SkeletonPage } from '@/components/ui/skeleton'

export default function GuideLoading() {
  return <SkeletonPage label="Reading the guide’s tables" />
}
