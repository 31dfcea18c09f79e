using PeakS3Feed.RedshiftServer.Protocol;

namespace PeakS3Feed.RedshiftServer.Wire;

/// <summary>Errors of PostgreSQL in the words of Redshift.</summary>
internal static class RedshiftErrors
{
    public static WireMessage Translate(WireMessage error)
    {
        var fields = error.Fields();
        return fields['C'] switch
        {
            "40001" => WireMessage.Error("XX000", "1023", "Serializable isolation violation on table in Redshift"),
            "23514" when fields.GetValueOrDefault('n', "").StartsWith("redshift_bytes_", StringComparison.Ordinal)
                => WireMessage.Error("22001", "Value too long for character type"),
            "22001" => WireMessage.Error("22001", "Value too long for character type"),
            _ => error,
        };
    }
}
