// Places on the globe and the distance between them.

/** Degrees: latitude -90 to 90, longitude -180 to 180. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** Where GeoIP believes an address is. */
export interface Place {
  /** ISO 3166-1 alpha-2, upper case; empty when unknown. */
  readonly country: string;
  /** ISO 3166-2 subdivision without the country; empty when unknown. */
  readonly subdivision: string;
  readonly city: string;
  readonly coordinates: Coordinates;
  /** Radius in km within which the address probably lies: the larger, the weaker the evidence. */
  readonly radiusKm: number;
}

/** Mean Earth radius in km (IUGG). */
const earthRadiusKm = 6371.0088;

const radians = Math.PI / 180;

/** Great-circle distance in km by the haversine formula. */
export function distanceKm(from: Coordinates, to: Coordinates): number {
  const halfLat = Math.sin(((to.latitude - from.latitude) * radians) / 2);
  const halfLon = Math.sin(((to.longitude - from.longitude) * radians) / 2);
  const h =
    halfLat * halfLat +
    Math.cos(from.latitude * radians) * Math.cos(to.latitude * radians) * halfLon * halfLon;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h)));
}
