using System.Text;

namespace Ductape.MassTransit.Tests.Topics;

/// <summary>Envelopes as different senders write them.</summary>
internal static class EnvelopeSamples
{
    /// <summary>As this library writes it.</summary>
    public const string Ours = """
        {"messageId":"0b020000-2105-aa1a-64b3-08df498cbf7a","correlationId":"0b020000-2105-aa1a-64a2-08df498cbf7a","conversationId":"0b020000-2105-aa1a-6838-08df498cbf7a","sourceAddress":"loopback://localhost/vm_bus_1?temporary=true","destinationAddress":"loopback://localhost/sqsbroker-new-orders-dev","messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{"orderId":"2","total":1.50,"lines":[{"sku":"a"}]},"sentTime":"2026-11-23T18:08:16.661889Z","headers":{}}
        """;

    /// <summary>As MassTransit 8 writes it with System.Text.Json: indented, nulls kept.</summary>
    public const string SystemTextJson = """
        {
          "messageId": "0b020000-2105-aa1a-4c4b-08df498cbf5a",
          "requestId": null,
          "correlationId": null,
          "conversationId": "0b020000-2105-aa1a-4e49-08df498cbf5a",
          "initiatorId": null,
          "sourceAddress": "loopback://localhost/vm_bus_1?temporary=true",
          "destinationAddress": "loopback://localhost/Orders:NewOrder",
          "responseAddress": null,
          "faultAddress": null,
          "messageType": [
            "urn:message:Orders:INewOrder",
            "urn:message:ductape:sqsbroker:new-orders"
          ],
          "message": {
            "orderId": "2",
            "note": "é € 😀 \u00e9 \"q\""
          },
          "expirationTime": "2026-11-24T18:08:16.4514891Z",
          "sentTime": "2026-11-23T18:08:16.4514891+02:00",
          "headers": { "tenant": "acme", "attempt": 3, "ratio": 0.5, "big": 12345678901234567890, "on": true, "off": false, "none": null, "list": [ 1, "b", { "c": null } ], "object": { "A": 1, "a": 2 }, "trace": "line one\nline two \u00e9" },
          "host": {
            "machineName": "vm",
            "processName": "shop",
            "processId": 523,
            "assembly": "Shop",
            "assemblyVersion": "1.0.0.0",
            "frameworkVersion": "10.0.12",
            "massTransitVersion": "8.5.12.0",
            "operatingSystemVersion": "Unix 6.18.44"
          }
        }
        """;

    /// <summary>
    /// As MassTransit 8 writes it with Newtonsoft: nulls left out, times without fractions, a request.
    /// </summary>
    public const string Newtonsoft = """
        {
          "messageId": "2c230000-5d1b-0015-9a3e-08dbf0a1c2d3",
          "requestId": "2c230000-5d1b-0015-9a3f-08dbf0a1c2d3",
          "conversationId": "2c230000-5d1b-0015-9a40-08dbf0a1c2d3",
          "initiatorId": "2c230000-5d1b-0015-9a41-08dbf0a1c2d3",
          "sourceAddress": "loopback://localhost/shop",
          "destinationAddress": "loopback://localhost/Orders:NewOrder",
          "responseAddress": "loopback://localhost/shop_response",
          "faultAddress": "loopback://localhost/shop_faults",
          "messageType": [ "urn:message:ductape:sqsbroker:new-orders" ],
          "message": { "orderId": "2", "$type": "Orders.NewOrder, Orders" },
          "sentTime": "2023-11-29T07:15:01Z",
          "headers": { "MT-Redelivery-Count": 2, "MT-Quartz-Sent": "2023-11-29T07:15:00Z" },
          "host": { "machineName": "vm", "processName": "shop", "processId": 7, "assembly": null }
        }
        """;

    /// <summary>
    /// Ids without hyphens and in braces, order of properties turned round, properties of other senders.
    /// </summary>
    public const string Reordered = """
        {"headers":{"tenant":"acme"},"x-sender":{"messageType":["no"],"n":[1,{}]},"message":[1,"two",null],"messageType":["URN:message:ductape:SQSBROKER:new-orders"],"sentTime":"2026-11-23T18:08:16","messageId":"0b0200002105aa1a4c4b08df498cbf5a","conversationId":"{0b020000-2105-aa1a-4c4b-08df498cbf5b}","correlationId":" ","requestId":""}
        """;

    /// <summary>
    /// What MassTransit has to read, because it is unusual: names in another case or escaped, headers as pairs,
    /// comments.
    /// </summary>
    public static readonly string[] Unusual =
    [
        """{"MessageId":"0b020000-2105-aa1a-4c4b-08df498cbf5a","MessageType":["urn:message:ductape:sqsbroker:new-orders"],"Message":{"a":1},"SentTime":"2026-11-23T18:08:16Z","Headers":{"tenant":"acme"}}""",
        """{"message\u0049d":"0b020000-2105-aa1a-4c4b-08df498cbf5a","messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{"a":1}}""",
        """{"messageId":"0b020000-2105-aa1a-4c4b-08df498cbf5a","messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{"a":1},"headers":[{"Key":"tenant","Value":"acme"}]}""",
        """{"messageId":"0b020000-2105-aa1a-4c4b-08df498cbf5a","messageType":["urn:message:ductape\u003asqsbroker:new-orders"],"message":{"a":1},"sourceAddress":"loopback://localhost/a\u0026b"}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":1,"message":2}""",
    ];

    /// <summary>What MassTransit reads although it is no strict JSON.</summary>
    public const string Lenient = """
        /* before */ { // a comment
          "messageType": [ "urn:message:ductape:sqsbroker:new-orders", ],
          "message": { "orderId": "2", /* inside */ "tags": [ 1, 2, ], },
          "headers": { "tenant": "acme", },
        } // after
        """;

    /// <summary>What nobody reads.</summary>
    public static readonly string[] Refused =
    [
        "", " ", "null", "[]", "42", "\"text\"", "{", "{}", "{\"message\":{}}",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"]}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":null}""",
        """{"messageType":["urn:message:other"],"message":{}}""",
        """{"messageType":[null],"message":{}}""",
        """{"messageType":null,"message":{}}""",
        """{"messageType":"urn:message:ductape:sqsbroker:new-orders","message":{}}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{}}{}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{},"messageId":5}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{},"sentTime":"yesterday"}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{},"sentTime":5}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{},"headers":"x"}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{},"headers":{" ":1}}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{},"headers":{"a":"\ud800"}}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{},"host":{"processId":"x"}}""",
        """{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{},"host":[]}""",
        $$"""{"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{{new string('[', 70)}}{{new string(']', 70)}}}""",
    ];

    /// <summary>Ids and addresses that are none: the message is delivered, and has none.</summary>
    public const string OddIds = """
        {"messageId":"order-1","correlationId":"x","conversationId":null,"messageType":["urn:message:ductape:sqsbroker:new-orders"],"message":{"a":1},"sourceAddress":"not an address","sentTime":null,"headers":null,"host":null}
        """;

    public static readonly string[] Accepted = [Ours, SystemTextJson, Newtonsoft, Reordered, Lenient, .. Unusual];

    public static byte[] Bytes(string envelope) => Encoding.UTF8.GetBytes(envelope);
}
