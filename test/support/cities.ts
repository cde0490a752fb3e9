// Cities on every continent, each with a public address that the shipped GeoIP data places there.

export interface City {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Where the city really is; the data lies within 25 km of it. */
  readonly latitude: number;
  readonly longitude: number;
  readonly address: string;
  /** For some cities an IPv6 address as well. */
  readonly address6?: string;
}

const table = `
  Reykjavik         | IS |  64.1466 |  -21.9426 | 81.15.0.53     | 2a01:6f01:b000::1
  Dublin            | IE |  53.3498 |   -6.2603 | 4.210.0.53
  London            | GB |  51.5074 |   -0.1278 | 40.204.0.53
  Edinburgh         | GB |  55.9533 |   -3.1883 | 129.215.0.53
  Lisbon            | PT |  38.7223 |   -9.1393 | 40.215.0.53
  Madrid            | ES |  40.4168 |   -3.7038 | 40.213.0.53
  Paris             | FR |  48.8566 |    2.3522 | 40.206.0.53
  Amsterdam         | NL |  52.3676 |    4.9041 | 4.210.128.53
  Brussels          | BE |  50.8503 |    4.3517 | 34.22.128.53
  Berlin            | DE |    52.52 |    13.405 | 34.32.0.53
  Frankfurt am Main | DE |  50.1109 |    8.6821 | 40.211.0.53
  Zurich            | CH |  47.3769 |    8.5417 | 4.226.0.53
  Vienna            | AT |  48.2082 |   16.3738 | 40.210.0.53
  Milan             | IT |  45.4642 |      9.19 | 4.232.0.53
  Rome              | IT |  41.9028 |   12.4964 | 40.207.0.53
  Warsaw            | PL |  52.2297 |   21.0122 | 34.116.128.53  | 2a01:ce8c:8000::1
  Prague            | CZ |  50.0755 |   14.4378 | 62.177.96.53
  Stockholm         | SE |  59.3293 |   18.0686 | 40.212.0.53
  Oslo              | NO |  59.9139 |   10.7522 | 4.220.0.53
  Helsinki          | FI |  60.1699 |   24.9384 | 62.236.64.53
  Athens            | GR |  37.9838 |   23.7275 | 40.222.0.53    | 2a02:586:2800::1
  Kyiv              | UA |  50.4501 |   30.5234 | 212.109.32.53
  Istanbul          | TR |  41.0082 |   28.9784 | 62.29.96.53
  Moscow            | RU |  55.7558 |   37.6173 | 5.228.0.53
  Cairo             | EG |  30.0444 |   31.2357 | 105.194.0.53
  Casablanca        | MA |  33.5731 |   -7.5898 | 41.205.192.53
  Lagos             | NG |   6.5244 |    3.3792 | 154.113.192.53 | 2a01:ce87:8000::1
  Accra             | GH |   5.6037 |    -0.187 | 41.218.224.53
  Nairobi           | KE |  -1.2921 |   36.8219 | 102.5.64.53    | 2a10:500:2200::1
  Johannesburg      | ZA | -26.2041 |   28.0473 | 40.195.0.53
  Cape Town         | ZA | -33.9249 |   18.4241 | 197.64.0.53
  Antananarivo      | MG | -18.8792 |   47.5079 | 154.126.72.53
  Tel Aviv          | IL |  32.0853 |   34.7818 | 192.117.0.53
  Riyadh            | SA |  24.7136 |   46.6753 | 40.223.0.53
  Dubai             | AE |  25.2048 |   55.2708 | 213.42.0.53
  Tehran            | IR |  35.6892 |    51.389 | 2.176.64.53
  Karachi           | PK |  24.8607 |   67.0011 | 39.57.0.53     | 2400:adc1:200::1
  Mumbai            | IN |   19.076 |   72.8777 | 120.63.0.53    | 2403:0:8000::1
  Delhi             | IN |  28.7041 |   77.1025 | 116.74.0.53
  Bengaluru         | IN |  12.9716 |   77.5946 | 64.103.128.53
  Colombo           | LK |   6.9271 |   79.8612 | 203.143.32.53
  Almaty            | KZ |   43.222 |   76.8512 | 89.250.80.53
  Bangkok           | TH |  13.7563 |  100.5018 | 45.201.0.53
  Singapore         | SG |   1.3521 |  103.8198 | 116.86.128.53
  Jakarta           | ID |  -6.2088 |  106.8456 | 34.101.128.53
  Manila            | PH |  14.5995 |  120.9842 | 154.82.128.53
  Hanoi             | VN |  21.0278 |  105.8342 | 14.231.64.53
  Hong Kong         | HK |  22.3193 |  114.1694 | 4.144.0.53
  Beijing           | CN |  39.9042 |  116.4074 | 124.65.0.53
  Taipei            | TW |   25.033 |  121.5654 | 118.169.0.53
  Seoul             | KR |  37.5665 |   126.978 | 20.196.128.53
  Tokyo             | JP |  35.6762 |  139.6503 | 124.213.64.53  | 2407:9240:8000::1
  Osaka             | JP |  34.6937 |  135.5023 | 40.185.0.53    | 240f:90:8000::1
  Sydney            | AU | -33.8688 |  151.2093 | 60.227.0.53    | 2406:6e00:4000::1
  Melbourne         | AU | -37.8136 |  144.9631 | 110.140.0.53
  Perth             | AU | -31.9523 |  115.8613 | 220.235.64.53  | 2400:a840:8000::1
  Auckland          | NZ | -36.8509 |  174.7645 | 172.204.0.53
  Suva              | FJ | -18.1248 |  178.4501 | 103.99.43.53
  Honolulu          | US |  21.3069 | -157.8583 | 72.235.96.53
  Anchorage         | US |  61.2181 | -149.9003 | 69.178.32.53
  Seattle           | US |  47.6062 | -122.3321 | 184.217.0.53
  San Francisco     | US |  37.7749 | -122.4194 | 38.85.0.53
  Los Angeles       | US |  34.0522 | -118.2437 | 38.63.0.53
  Denver            | US |  39.7392 | -104.9903 | 76.73.0.53
  Dallas            | US |  32.7767 |   -96.797 | 50.22.0.53     | 2600:1f1c:8000::1
  Chicago           | US |  41.8781 |  -87.6298 | 173.118.0.53
  Atlanta           | US |   33.749 |   -84.388 | 173.125.0.53
  Miami             | US |  25.7617 |  -80.1918 | 107.41.0.53
  New York          | US |  40.7128 |   -74.006 | 43.88.0.53
  Boston            | US |  42.3601 |  -71.0589 | 68.236.96.53   | 2607:7e80:f400::1
  Toronto           | CA |  43.6532 |  -79.3832 | 40.194.0.53    | 2607:f0c8:c000::1
  Montreal          | CA |  45.5019 |  -73.5674 | 34.19.128.53
  Vancouver         | CA |  49.2827 | -123.1207 | 24.80.0.53
  Mexico City       | MX |  19.4326 |  -99.1332 | 169.57.0.53    | 2802:3:4000::1
  Bogotá            | CO |    4.711 |  -74.0721 | 190.69.192.53
  Lima              | PE | -12.0464 |  -77.0428 | 161.132.0.53
  Santiago          | CL | -33.4489 |  -70.6693 | 68.211.0.53
  Buenos Aires      | AR | -34.6037 |  -58.3816 | 200.80.0.53
  São Paulo         | BR | -23.5505 |  -46.6333 | 191.130.192.53 | 2803:80:4000::1
  Rio de Janeiro    | BR | -22.9068 |  -43.1729 | 139.82.64.53
  Brasília          | BR | -15.7939 |  -47.8828 | 164.41.64.53
`;

export const cities: readonly City[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [name = '', country = '', latitude, longitude, address = '', address6] = line
      .split('|')
      .map((cell) => cell.trim());
    const city = {
      name,
      country,
      latitude: Number(latitude),
      longitude: Number(longitude),
      address,
    };
    return address6 === undefined ? city : { ...city, address6 };
  });

/** The city of this name; a name that is not in the table is a mistake in the test. */
export function cityOf(name: string): City {
  const city = cities.find((each) => each.name === name);
  if (city === undefined) throw new Error(`no city ${name} in test/support/cities.ts`);
  return city;
}
