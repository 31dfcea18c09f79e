namespace PeakS3Feed.Worker.Demo;

/// <summary>The document that the demo imports: a connection, and a feed of each load type.</summary>
internal static class DemoDefinitions
{
    public static string Text(string bucketFolder) => $$"""
        {
          "connections": [
            {
              "name": "public_data",
              "bucketName": "public-data",
              "endpointUrl": "{{new Uri(bucketFolder + Path.DirectorySeparatorChar).AbsoluteUri}}"
            }
          ],
          "feeds": [
            {
              "name": "weather",
              "connectionName": "public_data",
              "path": "weather/",
              "fileType": "Csv",
              "loadType": "Incremental"
            },
            {
              "name": "airports",
              "connectionName": "public_data",
              "path": "airports/",
              "fileType": "Csv",
              "loadType": "Upsert",
              "primaryKey": ["iata"]
            },
            {
              "name": "zipcodes",
              "connectionName": "public_data",
              "path": "zipcodes/",
              "fileType": "Csv",
              "loadType": "TruncateInsert"
            }
          ]
        }

        """;
}
