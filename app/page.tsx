export default function FleetPage() {
  return <h1 className="text-verdict">Proctor</h1>
}
