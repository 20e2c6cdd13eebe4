import { SkeletonPage } from '@/components/ui/skeleton'

export default function WorkloadLoading() {
  return <SkeletonPage label="Reading the guide’s queries" />
}
