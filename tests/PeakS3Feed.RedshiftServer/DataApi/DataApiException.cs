namespace PeakS3Feed.RedshiftServer.DataApi;

/// <summary>An error of the Data API, as its clients see it.</summary>
internal sealed class DataApiException : Exception
{
    private DataApiException(string type, int status, string message) : base(message) => (Type, Status) = (type, status);

    /// <summary>The type, such as <c>ValidationException</c>.</summary>
    public string Type { get; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    public static DataApiException Validation(string message) => new("ValidationException", 400, message);

    public static DataApiException NotFound(string message) => new("ResourceNotFoundException", 400, message);

    public static DataApiException Serialization(string message) => new("SerializationException", 400, message);

    public static DataApiException UnknownOperation(string target) => new("UnknownOperationException", 400, $"There is no operation {target}.");

    public static DataApiException Refused(string type, string message) => new(type, 403, message);

    public static DataApiException Custom(string type, string message) => new(type, 400, message);
}
