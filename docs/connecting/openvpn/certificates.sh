# sh certificates.sh /etc/openvpn/server: an authority for this VPN alone, and the certificate of its server.
# People get ca.pem; ca.key belongs in a safe, not on the server.
cd "$1"
new='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
openssl req -x509 $new -keyout ca.key -out ca.pem -days 3650 -subj '/CN=Voorbeeld VPN'
openssl req $new -keyout server.key -out server.csr -subj '/CN=vpn.voorbeeld.example'
printf 'keyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n' > server.ext
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 800 \
  -extfile server.ext -out server.pem
rm server.csr server.ext
