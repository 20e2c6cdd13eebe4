import { SkeletonPage } from '@/components/ui/skeleton'

export default function ReplicationLoading() {
  return <SkeletonPage label="Reading replication and WAL" />
}
