import { SkeletonPage } from '@/components/ui/skeleton'

export default function ConfigurationLoading() {
  return <SkeletonPage label="Reading the settings" />
}
